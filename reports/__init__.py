"""What people read and hand in: findings, workbooks, pages (báo cáo)."""

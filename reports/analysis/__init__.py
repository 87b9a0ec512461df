"""The auditor's analytics: where to look, never a finding (phân tích của kiểm toán viên)."""

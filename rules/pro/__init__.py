"""PRO: procurement, contracts and advances (mua sắm, hợp đồng, tạm ứng)."""

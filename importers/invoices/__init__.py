"""Electronic invoices: their files, what each says, what it drafts (hóa đơn điện tử)."""

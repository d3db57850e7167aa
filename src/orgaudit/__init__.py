"""orgaudit audits records against codified standards."""

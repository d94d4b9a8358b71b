"""What is known of disclosures, as data: one folder per disclosure, one loader for all.

loader        folder of TOML files -> Catalogue
budget_cn/    Chinese departmental budgets (部门预算) and final accounts (部门决算)
"""

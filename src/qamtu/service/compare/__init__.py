"""Two plans of one line side by side: totals, regions, years, and what changes for whom."""

"""OData 4.0, as far as Excel and Power BI speak it, over the filled forms of one form."""

"""What every call of the API has in common: one error form, strict input, the row in the trail."""

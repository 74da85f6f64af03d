"""Credit repair on screen: applications, the case page, who becomes eligible, letters (5-9)."""

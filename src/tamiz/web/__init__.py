"""Layer 6: the web app; holds no image or model code, fetches nothing from elsewhere."""

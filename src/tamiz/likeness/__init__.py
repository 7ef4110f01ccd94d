"""Images that show the same thing: near-duplicates among very many, by their thumbnails."""

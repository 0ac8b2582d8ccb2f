"""The web kit: pages and fragments, headers, forms, errors, the language of a page."""

"""The map: one HTML file of what needs, teaches and precedes what, which any browser opens offline."""

"""A network of colleges: each college's jobs, what they share, and the national plan out of both."""

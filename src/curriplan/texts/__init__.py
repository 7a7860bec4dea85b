"""All words for people, in Kazakh, Russian and English.

It imports no other room.
"""

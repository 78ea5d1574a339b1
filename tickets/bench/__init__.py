"""A scratch database of any size, for measuring: tickets by bulk, made of SQL.

known     what whoever measures must know of it
filling   all steps in order
people    partners, contacts, agents; and what the tickets look up
words     texts with one common and one rare word
rows      tickets, messages, events, examples
indexes   dropped meanwhile, built again at the end
defaults  for columns that came later
"""

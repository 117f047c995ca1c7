"""The one door to the engines for a long-lived caller: requests go in, events come out."""

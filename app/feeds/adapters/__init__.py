"""One module for each ePEP platform that is served in its own way: a file drop, its own interface, its own layout.

None is needed yet. An adapter turns the records of ``app.feeds.reading`` into what its platform takes, and nothing else: what may
leave the house is decided before it gets there.
"""

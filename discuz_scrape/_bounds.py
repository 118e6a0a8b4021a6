"""stub"""
def check_bounds(text, url=None): pass

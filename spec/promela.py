"""x"""
def promela(m):
    return ""

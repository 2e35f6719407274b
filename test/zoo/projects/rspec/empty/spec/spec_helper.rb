# There is no example here.

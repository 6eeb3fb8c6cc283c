# expect: error - an error whose class raises when it is asked for its name
# kinds: error
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
    __module__ = property(lambda cls: 1 / 0)
class Lie(Exception, metaclass=Meta): pass
raise Lie("told")

# expect: error - a limit's own error, raised by the program, with a status of its own making
# kinds: error,time,output
from gradwalk.errors import LimitReached
class Mine(LimitReached):
    @property
    def status(self): raise ZeroDivisionError("status")
raise Mine("I was stopped")

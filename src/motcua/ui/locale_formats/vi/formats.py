"""How forms read dates and times: the day always comes first, as Vietnamese papers write it.

Django has no such list for Vietnamese and would read 03/04/2026 the American way.
"""

DATE_FORMAT = "d/m/Y"
SHORT_DATE_FORMAT = "d/m/Y"
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"]
TIME_FORMAT = "H:i"
TIME_INPUT_FORMATS = ["%H:%M", "%Hh%M", "%Hh", "%H:%M:%S"]
DATETIME_FORMAT = "H:i d/m/Y"
DATETIME_INPUT_FORMATS = ["%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3

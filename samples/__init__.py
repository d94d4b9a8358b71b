"""Sample scans with their truth, and the program that makes them.

source      the real documents of samples/truth, as values
values      document, table, Look, Ageing
faces wrap table_layout table_ink flow ink      typesetting: a document -> sheets in points
draw age pack                                   sheets -> pixels -> scans -> file bytes
truth_json  the truth beside each file
jobs        one sample file as a value, and how it is made
looks_data committed                            looks and ageings by name; the set in the repository
invented odd_shapes look_sets                   tables made up for odd shapes; the large sets, never committed
cell_marks turning                              hatching and strokes in cells; ink that lies on its side
bad         inputs that cannot be read, for tests
make        the command
"""

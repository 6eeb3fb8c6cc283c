/** Keywords and built-in functions of Python that a program for a first course uses, in our own words. */

/** "if", "for", ...: completed without a description. */
export const KEYWORDS: readonly string[] = (
  'and as assert break class continue def del elif else except finally for from global if import in is lambda ' +
  'nonlocal not or pass raise return try while with yield True False None'
).split(' ')

/** Name to signature and summary. */
export const BUILTINS: Readonly<Record<string, readonly [signature: string, summary: string]>> = {
  abs: ['(x)', 'The magnitude of a number.'],
  all: ['(iterable)', 'Whether all items are true.'],
  any: ['(iterable)', 'Whether one of the items is true.'],
  bool: ['(x)', 'True or False.'],
  dict: ['(**kwargs)', 'Values by key.'],
  enumerate: ['(iterable, start=0)', 'The items, each with its number.'],
  float: ['(x)', 'A real number.'],
  getattr: ['(object, name)', 'An attribute by its name.'],
  int: ['(x)', 'A whole number.'],
  isinstance: ['(object, type)', 'Whether an object is of a type.'],
  len: ['(object)', 'How many items it has.'],
  list: ['(iterable)', 'The items as a list.'],
  map: ['(function, *iterables)', 'What a function gives for every item.'],
  max: ['(iterable)', 'The largest item.'],
  min: ['(iterable)', 'The smallest item.'],
  print: ["(*values, sep=' ', end='\\n')", 'Writes values to the console.'],
  range: ['(start, stop, step)', 'Whole numbers from start up to, but without, stop.'],
  reversed: ['(sequence)', 'The items from the last to the first.'],
  round: ['(number, ndigits)', 'A number rounded to so many decimals.'],
  set: ['(iterable)', 'The items, each once.'],
  sorted: ['(iterable, key=None, reverse=False)', 'The items in order.'],
  str: ['(object)', 'Text.'],
  sum: ['(iterable, start=0)', 'The sum of the items.'],
  super: ['()', 'The class above: super().__init__() in a module.'],
  tuple: ['(iterable)', 'The items as a tuple.'],
  type: ['(object)', 'The type of an object.'],
  zip: ['(*iterables)', 'Items of several sequences, side by side.'],
}

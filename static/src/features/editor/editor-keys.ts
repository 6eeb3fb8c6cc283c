/** The keys that work while the program is being written, for the editor and for the help. */

/** The keys that work while the program is being written. `binding`: as the editor names it. */
export const EDITOR_SHORTCUTS = [
  { binding: 'Ctrl-Space', shown: 'Ctrl + Space', does: 'Offer names: ↵ or Tab takes one, Esc takes none' },
  { binding: 'Mod-i', shown: 'Ctrl + I', does: 'Show what the name at the cursor is at this step' },
  {
    binding: 'Mod-b',
    shown: 'Ctrl + B',
    does: 'Breakpoint at the line of the cursor; a click left of its number does it too',
  },
  { binding: 'Mod-e', shown: 'Ctrl + E', does: 'Say what goes wrong in the line of the cursor' },
  { binding: 'Tab', shown: 'Tab', does: 'Indent; Shift + Tab takes it back' },
  { binding: 'Mod-f', shown: 'Ctrl + F', does: 'Find in the program' },
  {
    binding: 'Escape',
    shown: 'Esc',
    does: 'Leave the program: the keys are the picture’s again, Tab goes on from here',
  },
] as const

export type EditorBinding = (typeof EDITOR_SHORTCUTS)[number]['binding']

/** An index of more files would take longer than it is worth; it then counts as incomplete, in the editor and on the command line. */
export const maxFactFiles = 5000;

/** No manifest that others ask about, no configuration and no ignore file is read that is larger than this, in bytes. */
export const maxSideBytes = 1 << 22;

/** More findings of one document are not sent to an editor: to write and read thousands of them again for each key press takes longer than the check. */
export const maxShownFindings = 1000;

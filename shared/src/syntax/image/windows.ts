/** Whether an image runs on Windows, as far as its reference says so: by a word such as `nanoserver`. */
export function isWindowsReference(reference: string): boolean {
  return /(?:^|[/:-])(?:windows|nanoserver|windowsservercore|servercore)(?:$|[/:@-])/.test(reference.toLowerCase());
}

/** How long texts may be, in letters. */
export const MOST = { title: 255, text: 10_000 } as const;

/** By how many letters a text is too long, as it is sent: without what is blank around it. */
export function excessOf(text: string, most: number = MOST.text): number {
  if (text.length <= most) return 0;
  return Math.max(0, [...text.trim()].length - most);
}

/** Whether a text says something: not only what nobody sees. */
export function says(text: string): boolean {
  return /[^\p{C}\p{Z}]/u.test(text);
}

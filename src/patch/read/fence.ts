/** A line that opens a code fence: its mark, and what stands behind it. */
export type Fence = { readonly mark: string; readonly info: string };

export function isFence(line: string): boolean {
  if (!line.includes('```') && !line.includes('~~~')) return false;
  return /^\s{0,3}(?:`{3,}[^`]*|~{3,}.*)$/.test(line);
}

export function openFence(line: string): Fence {
  const text = line.trim();
  let length = 0;
  while (length < text.length && text[length] === text[0]) length++;
  return { mark: text.slice(0, length), info: text.slice(length).trim() };
}

export function isClosing(line: string, fence: Fence): boolean {
  if (!line.includes(fence.mark)) return false;
  const char = fence.mark[0];
  const bare = line.trim();
  let length = 0;
  while (length < bare.length && bare[length] === char) length++;
  return length === bare.length;
}

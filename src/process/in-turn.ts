/** Lets work of one name run one after the other in this process; that of other names goes beside it. What fails holds up nobody. */
export function makeTurns(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const turns = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const mine = (turns.get(name) ?? Promise.resolve()).catch(() => {}).then(work);
    turns.set(name, mine);
    try {
      return await mine;
    } finally {
      if (turns.get(name) === mine) turns.delete(name);
    }
  };
}

type Settings = readonly (readonly [name: string, value: string])[];

/** The remote that a partial clone would take missing objects from. We never let git ask it. */
export function promisorOf(settings: Settings): string | undefined {
  const [name] = settings.find(([key, value]) => /^remote\..+\.promisor$/i.test(key) && value !== 'false') ?? [];
  return name?.slice('remote.'.length, -'.promisor'.length);
}

/** What brings all that a partial clone left out. */
export const fetchAll = (remote: string): string => `git fetch --refetch --no-filter ${remote}`;

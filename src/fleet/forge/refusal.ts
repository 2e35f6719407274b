import { GlmError } from '../../errors.ts';

/** What a forge refuses is a matter of its settings: said with its own words. */
export async function said<T>(forge: string, project: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof GlmError || error.name === 'Stopped') throw error;
    const refused = /^(?:HttpError|GitbeakerRequestError)$/.test(error.name);
    throw new GlmError(
      refused ? 'request_rejected' : 'unreachable',
      `${forge} did not take the request for ${project}: ${error.message.split('\n')[0]}.`,
      {
        hint: 'Look whether the token may write branches and requests there.',
        cause: error,
      },
    );
  }
}

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { call, refreshSession, type Tokens } from '../api/client';
import type { Challenge, Me } from '../api/model';
import { sessionStore } from '../api/session-store';

interface Session {
  /** `undefined` while the page finds out, `null` when nobody is signed in. */
  me: Me | null | undefined;
  /** The first step; a challenge when the code of the second factor is still to come. */
  signIn: (username: string, password: string) => Promise<Challenge | undefined>;
  /** The second step. */
  signInWithCode: (challenge: string, code: string) => Promise<void>;
  /** Asks the server again who this is, after something about it has changed. */
  renew: () => Promise<void>;
  signOut: () => Promise<void>;
}

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [me, setMe] = useState<Me | null>();
  const queries = useQueryClient();

  useEffect(
    () =>
      sessionStore.onEnd(() => {
        queries.clear();
        setMe(null);
      }),
    [queries],
  );

  useEffect(() => {
    const resume = async (): Promise<void> => {
      if (!(await refreshSession())) {
        setMe(null);
        return;
      }
      setMe(await call<Me>('GET', '/auth/me'));
    };
    resume().catch(() => {
      setMe(null);
    });
  }, []);

  const renew = useCallback(async () => {
    setMe(await call<Me>('GET', '/auth/me'));
  }, []);

  const signIn = useCallback(
    async (username: string, password: string) => {
      const answer = await call<Tokens | Challenge>('POST', '/auth/login', { body: { username, password } });
      if ('challenge' in answer) return answer;
      sessionStore.set(answer);
      await renew();
      return undefined;
    },
    [renew],
  );

  const signInWithCode = useCallback(
    async (challenge: string, code: string) => {
      sessionStore.set(await call<Tokens>('POST', '/auth/login/code', { body: { challenge, code } }));
      await renew();
    },
    [renew],
  );

  const signOut = useCallback(async () => {
    try {
      await call('POST', '/auth/logout');
    } catch {
      // The session may be gone already, or the server away: here it ends in any case.
    }
    sessionStore.clear();
  }, []);

  const value = useMemo(
    () => ({ me, signIn, signInWithCode, renew, signOut }),
    [me, signIn, signInWithCode, renew, signOut],
  );
  return <SessionContext value={value}>{children}</SessionContext>;
}

/** The session; only inside SessionProvider. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside SessionProvider');
  return session;
}

/** The signed-in person; only on pages inside the frame, which shows them to nobody else. */
export function useMe(): Me {
  const { me } = useSession();
  if (me === null || me === undefined) throw new Error('useMe without a session');
  return me;
}

/** Whether the signed-in person holds a permission code; the server decides again on every request. */
export function useMay(): (permission: string) => boolean {
  const me = useMe();
  return (permission) => me.permissions.includes(permission);
}

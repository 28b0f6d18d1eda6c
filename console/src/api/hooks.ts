import {
  keepPreviousData,
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useRef } from 'react';
import { call, newKey, type Query } from './client';
import type { Problem } from './problem';

/** Reads one resource; a `null` route waits until the page knows what to ask for. */
export function useRead<T>(route: string | null, query: Query = {}, refetchMs?: number): UseQueryResult<T, Problem> {
  return useQuery<T, Problem>({
    queryKey: [route, query],
    queryFn: ({ signal }) => call<T>('GET', route ?? '', { query, signal }),
    enabled: route !== null,
    placeholderData: keepPreviousData,
    ...(refetchMs === undefined ? {} : { refetchInterval: refetchMs }),
  });
}

export interface Action<B> {
  method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  route: string;
  body?: B;
}

/**
 * Changes something. The idempotency key stays the same while one action is retried after a lost answer and
 * is renewed after each success or refusal, so that a double click cannot act twice.
 */
export function useAct<R = unknown, B = unknown>(): UseMutationResult<R, Problem, Action<B>> {
  const client = useQueryClient();
  const key = useRef(newKey());
  return useMutation<R, Problem, Action<B>>({
    mutationFn: (action) =>
      call<R>(action.method ?? 'POST', action.route, {
        ...(action.body === undefined ? {} : { body: action.body }),
        idempotencyKey: key.current,
      }),
    onSuccess: async () => {
      key.current = newKey();
      await client.invalidateQueries();
    },
    onError: (problem) => {
      if (problem.status !== 0) key.current = newKey();
    },
  });
}

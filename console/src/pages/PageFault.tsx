import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem';
import { ErrorPanel } from '../widgets/ErrorPanel';

interface State {
  error: unknown;
}

/** Catches what a page throws while it is loaded or drawn, so that the frame and its menu stay usable. */
export class PageGuard extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <PageFault error={this.state.error} />;
  }
}

/** Says that the page did not open and offers a reload, instead of a white screen. */
function PageFault({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <>
      <h1 style={{ fontSize: 20 }}>{t('frame.fault')}</h1>
      <ErrorPanel
        problem={asProblem(error)}
        onRetry={() => {
          window.location.reload();
        }}
      />
    </>
  );
}

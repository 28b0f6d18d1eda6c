import { GlobalOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { chooseLanguage } from '../i18n';

/** Switches between the two languages; says the other one's name in its own words. */
export function LanguageButton() {
  const { i18n } = useTranslation();
  const other = i18n.language === 'en' ? 'zh-CN' : 'en';
  const name = other === 'en' ? 'English' : '中文';
  return (
    <Button
      type="text"
      icon={<GlobalOutlined />}
      lang={other}
      onClick={() => {
        void chooseLanguage(other);
      }}
    >
      {name}
    </Button>
  );
}

import './panel.css';
import './headline.css';
import './sections.css';
import './parts.css';
import './forms.css';
import './dataflow.css';
import './badges.css';

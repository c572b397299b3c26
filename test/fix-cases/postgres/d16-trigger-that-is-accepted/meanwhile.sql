SET goc_audit.accept = 'triggers';

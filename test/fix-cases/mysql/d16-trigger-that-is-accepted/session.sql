SET @goc_audit_accept = 'triggers';

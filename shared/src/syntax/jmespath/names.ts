/** The functions that JMESPath has in Kyverno: those of jmespath.org and of jmespath-community, and Kyverno's own (kyverno.io/docs, JMESPath). */
export const jmesPathFunctions: ReadonlySet<string> = new Set(
  (
    'abs avg ceil contains ends_with floor join keys length map max max_by merge min min_by not_null reverse sort sort_by starts_with sum ' +
    'to_array to_number to_string type values find_first find_last from_items group_by items lower pad_left pad_right replace split trim ' +
    'trim_left trim_right upper zip add base64_decode base64_encode compare divide equal_fold image_normalize is_external_url label_match ' +
    'lookup modulo multiply object_from_lists parse_json parse_yaml path_canonicalize pattern_match random regex_match regex_replace_all ' +
    'regex_replace_all_literal replace_all round semver_compare sha256 sha1 md5 subtract time_add time_after time_before time_between time_diff ' +
    'time_now time_now_utc time_parse time_since time_to_cron time_truncate time_utc to_boolean to_lower to_upper trim_prefix truncate ' +
    'x509_decode exists object'
  ).split(' '),
);

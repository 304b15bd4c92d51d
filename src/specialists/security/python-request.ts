/** What a request brings. Rule: only the usual names of the well-known frameworks; anything else is unknown. */

/** Values that whoever sends the request chooses. */
export const REQUEST =
  /\b(self\.|cls\.|flask\.)?request\.(args|form|values|files|json|data|cookies|GET|POST|FILES|COOKIES|query|params|query_params|path_params|match_info|get_json|get_data|body|rel_url|query_string)\b|\bself\.get_(query_|body_)?argument\(/;

//! What `shmstate wait` waits for.

use std::cmp::Ordering;
use std::fmt;

use shmstate::access::Access;
use shmstate::inspect::{Field, Value};

use crate::output::clean;

/// A condition as it was given. What it means depends on the type of the field.
#[derive(Debug, PartialEq)]
pub(crate) enum Condition {
    /// The field differs from its first value.
    Changed,
    /// The field compares in this way to a value.
    Compare { operator: Operator, value: String },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// The longer ones come first, because the first that the text begins with is taken.
const OPERATORS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

/// Why there is nothing to wait for.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConditionError {
    /// It is not a condition.
    Syntax {
        /// What was given.
        given: String,
    },
    /// The field can never hold that value.
    Value {
        /// What the library says: the field, what was given and what is expected.
        reason: String,
    },
    /// The values of the field have no order.
    NoOrder {
        /// The path of the field.
        field: String,
        /// Its type.
        ty: String,
        /// The operator.
        operator: &'static str,
    },
    /// It is several slots, which do not change as one.
    Several {
        /// The path of the field.
        field: String,
    },
}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConditionError::Syntax { given } => write!(
                f,
                "`{}` is not a condition; expected `changed`, or `==`, `!=`, `<`, `<=`, `>` or `>=` and a value, such as '>= 5'",
                clean(given)
            ),
            ConditionError::Value { reason } => f.write_str(&clean(reason)),
            ConditionError::NoOrder {
                field,
                ty,
                operator,
            } => write!(
                f,
                "`{}` is {}, whose values have no order for `{operator}`; expected `==`, `!=` or `changed`",
                clean(field),
                clean(ty)
            ),
            ConditionError::Several { field } => write!(
                f,
                "`{}` is several slots, which do not change as one; wait for one of them",
                clean(field)
            ),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Changed => f.write_str("changed"),
            Condition::Compare { operator, value } => write!(f, "{} {value}", operator.sign()),
        }
    }
}

impl Operator {
    fn sign(self) -> &'static str {
        let found = OPERATORS.iter().find(|(_, it)| *it == self);
        found.map_or("", |(sign, _)| sign)
    }
}

impl Condition {
    /// Of one argument, as `'>= 5'`, or of two.
    pub(crate) fn parse(text: &str, value: Option<&str>) -> Result<Condition, ConditionError> {
        let text = text.trim_start();
        if text.trim_end() == "changed" && value.is_none() {
            return Ok(Condition::Changed);
        }
        let found = OPERATORS
            .iter()
            .find_map(|(sign, operator)| Some((*operator, text.strip_prefix(sign)?)));
        let (operator, value) = match (found, value) {
            (Some((operator, "")), Some(value)) => (operator, value),
            // One space is for the reader; more may be part of a text.
            (Some((operator, rest)), None) if !rest.is_empty() => {
                (operator, rest.strip_prefix(' ').unwrap_or(rest))
            }
            _ => {
                let given = [text, value.unwrap_or_default()].join(" ");
                return Err(ConditionError::Syntax {
                    given: given.trim_end().to_owned(),
                });
            }
        };
        Ok(Condition::Compare {
            operator,
            value: value.to_owned(),
        })
    }

    /// What it means for a field, which holds `first` now.
    pub(crate) fn on<A: Access>(
        &self,
        field: &Field<'_, A>,
        first: Value,
    ) -> Result<Test, ConditionError> {
        if !field.is_leaf() {
            return Err(ConditionError::Several {
                field: field.path().to_owned(),
            });
        }
        let Condition::Compare { operator, value } = self else {
            return Ok(Test::Changed { first });
        };
        let unquoted = matches!(first, Value::Text(_)).then(|| unquoted(value));
        let value = unquoted.flatten().unwrap_or_else(|| value.clone());
        let value = field.parse(&value).map_err(|error| ConditionError::Value {
            reason: error.to_string(),
        })?;
        let ordered = matches!(operator, Operator::Equal | Operator::Unequal)
            || order(&value, &value).is_some()
            || matches!(value, Value::F32(_) | Value::F64(_));
        if !ordered {
            return Err(ConditionError::NoOrder {
                field: field.path().to_owned(),
                ty: field.ty(),
                operator: operator.sign(),
            });
        }
        Ok(Test::Compare {
            operator: *operator,
            value,
        })
    }
}

/// The text within quotes, such as `""` or `"done"`, as `show` shows it; `None` if there are none.
fn unquoted(value: &str) -> Option<String> {
    let within = value.strip_prefix('"')?.strip_suffix('"')?;
    // If an escape is not one of JSON, each character stands for itself.
    Some(serde_json::from_str(value).unwrap_or_else(|_| within.to_owned()))
}

/// A condition on the values of a field.
pub(crate) enum Test {
    Changed { first: Value },
    Compare { operator: Operator, value: Value },
}

impl Test {
    pub(crate) fn holds(&self, found: &Value) -> bool {
        match self {
            // A float that is not a number equals nothing, not even itself.
            Test::Changed { first } => found != first && found.to_string() != first.to_string(),
            Test::Compare { operator, value } => {
                let order = order(found, value);
                match operator {
                    Operator::Equal => found == value,
                    Operator::Unequal => found != value,
                    Operator::Less => order == Some(Ordering::Less),
                    Operator::Greater => order == Some(Ordering::Greater),
                    Operator::AtMost => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                    Operator::AtLeast => {
                        matches!(order, Some(Ordering::Greater | Ordering::Equal))
                    }
                }
            }
        }
    }
}

/// How two values of one field compare; `None` if they do not, as a float that is not a number.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Char(left), Value::Char(right)) => Some(left.cmp(right)),
        (Value::Unsigned(left), Value::Unsigned(right)) => Some(left.cmp(right)),
        (Value::Signed(left), Value::Signed(right)) => Some(left.cmp(right)),
        (Value::F32(left), Value::F32(right)) => left.partial_cmp(right),
        (Value::F64(left), Value::F64(right)) => left.partial_cmp(right),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Duration(left), Value::Duration(right)) => Some(left.cmp(right)),
        (Value::Optional(Some(left)), Value::Optional(Some(right))) => order(left, right),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Condition, ConditionError> {
        Condition::parse(arguments[0], arguments.get(1).copied())
    }

    fn compare(operator: Operator, value: &str) -> Condition {
        Condition::Compare {
            operator,
            value: value.to_owned(),
        }
    }

    #[test]
    fn a_condition_is_an_operator_and_a_value() {
        use Operator::{AtLeast, Equal, Greater, Less, Unequal};
        let cases: [(&[&str], Condition); 8] = [
            (&[">= 5"], compare(AtLeast, "5")),
            (&[">=", "5"], compare(AtLeast, "5")),
            (&[">5"], compare(Greater, "5")),
            (&["<", "-5"], compare(Less, "-5")),
            (&["== a b"], compare(Equal, "a b")),
            (&["!=", ""], compare(Unequal, "")),
            (&["==  x"], compare(Equal, " x")),
            (&["changed"], Condition::Changed),
        ];
        for (arguments, expected) in cases {
            assert_eq!(parsed(arguments).unwrap(), expected, "{arguments:?}");
        }
    }

    #[test]
    fn what_is_no_condition_is_told_what_one_is() {
        let wrong: [&[&str]; 7] = [
            &["= 5"],
            &["5"],
            &[""],
            &["change"],
            &["=> 5"],
            &[">="],
            &[">= 5", "6"],
        ];
        for wrong in wrong {
            let message = parsed(wrong).unwrap_err().to_string();
            assert!(message.contains("expected `changed`, or `==`"), "{message}");
        }
    }

    #[test]
    fn a_number_that_is_none_has_not_changed() {
        let first = Value::F64(f64::NAN);
        let test = Test::Changed { first };
        assert!(!test.holds(&Value::F64(f64::NAN)));
        assert!(test.holds(&Value::F64(1.0)));
    }
}

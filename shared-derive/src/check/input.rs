//! From the parsed input to the model.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput};

use super::{common, enums, structs};
use crate::attr::{Arguments, Target};
use crate::errors::Errors;
use crate::model::Model;

pub(crate) fn check(input: &DeriveInput, errors: &mut Errors) -> Model {
    match &input.data {
        Data::Struct(data) => Model::Struct(structs::check(input, data, errors)),
        Data::Enum(data) => enums::check(input, data, errors),
        Data::Union(data) => {
            errors.at(
                data.union_token,
                "a union cannot be a shared state, because its fields overlap; use a struct",
            );
            let arguments = Arguments::read(&input.attrs, Target::Struct, errors);
            Model::Refused(common::base(input, &arguments, &TokenStream::new(), errors))
        }
    }
}

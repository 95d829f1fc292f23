//! The little of protobuf that an ONNX file needs, and the few of ONNX's messages that our graph has.
//!
//! Source: the encoding at <https://protobuf.dev/programming-guides/encoding/> and the field numbers in ONNX's `onnx.proto`
//! (<https://onnx.ai/onnx/api/classes.html>).

/// A message under way: fields one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message(pub Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// A whole number; negative ones take ten bytes, as protobuf has it.
    pub fn int(&mut self, field: u32, value: i64) {
        self.varint(u64::from(field) << 3);
        self.varint(value as u64);
    }

    /// A float of 32 bits.
    pub fn float(&mut self, field: u32, value: f32) {
        self.varint(u64::from(field) << 3 | 5);
        self.0.extend(value.to_le_bytes());
    }

    /// Bytes, text or a message within.
    pub fn bytes(&mut self, field: u32, value: &[u8]) {
        self.varint(u64::from(field) << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
    }
}

/// How a tensor's elements are stored (`TensorProto.DataType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// `f32`.
    Float = 1,
    /// `u8`.
    Uint8 = 2,
    /// `i8`.
    Int8 = 3,
    /// `i32`.
    Int32 = 6,
    /// `i64`.
    Int64 = 7,
}

/// A number that a node is given beside its inputs.
#[derive(Debug, Clone, Copy)]
pub enum Attribute {
    /// `AttributeProto.i`.
    Int(i64),
    /// `AttributeProto.f`.
    Float(f32),
}

/// A length of an input or output: known, or named.
#[derive(Debug, Clone, Copy)]
pub enum Length {
    /// Always this.
    Fixed(usize),
    /// Whatever a run brings.
    Named(&'static str),
}

/// Operators beyond ONNX's own, which ONNX Runtime brings.
pub const CONTRIBUTED: &str = "com.microsoft";

/// A graph under way. Values are known by name; nodes stand in the order in which they run.
#[derive(Debug, Default)]
pub struct Graph {
    body: Message,
    nodes: usize,
}

impl Graph {
    /// A node of `domain` (empty: ONNX's own); an input or output without a name is left out.
    pub fn node(
        &mut self,
        (domain, operator): (&str, &str),
        inputs: &[&str],
        outputs: &[&str],
        attributes: &[(&str, Attribute)],
    ) {
        let mut node = Message::default();
        for input in inputs {
            node.bytes(1, input.as_bytes());
        }
        for output in outputs {
            node.bytes(2, output.as_bytes());
        }
        node.bytes(3, format!("{operator}_{}", self.nodes).as_bytes());
        node.bytes(4, operator.as_bytes());
        for &(name, value) in attributes {
            let mut attribute = Message::default();
            attribute.bytes(1, name.as_bytes());
            match value {
                Attribute::Float(value) => {
                    attribute.float(2, value);
                    attribute.int(20, 1);
                }
                Attribute::Int(value) => {
                    attribute.int(3, value);
                    attribute.int(20, 2);
                }
            }
            node.bytes(5, &attribute.0);
        }
        node.bytes(7, domain.as_bytes());
        self.body.bytes(1, &node.0);
        self.nodes += 1;
    }

    /// A constant: `values` are little-endian, in row-major order.
    pub fn constant(&mut self, name: &str, shape: &[usize], element: Element, values: &[u8]) {
        let mut tensor = Message::default();
        for &length in shape {
            tensor.int(1, length as i64);
        }
        tensor.int(2, element as i64);
        tensor.bytes(8, name.as_bytes());
        tensor.bytes(9, values);
        self.body.bytes(5, &tensor.0);
    }

    /// A constant of floats.
    pub fn floats(&mut self, name: &str, shape: &[usize], values: &[f32]) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, shape, Element::Float, &bytes);
    }

    /// A constant list of whole numbers.
    pub fn list(&mut self, name: &str, values: &[i64]) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, &[values.len()], Element::Int64, &bytes);
    }

    /// What a run is given.
    pub fn input(&mut self, name: &str, element: Element, shape: &[Length]) {
        self.body.bytes(11, &value_info(name, element, shape).0);
    }

    /// What a run gives.
    pub fn output(&mut self, name: &str, element: Element, shape: &[Length]) {
        self.body.bytes(12, &value_info(name, element, shape).0);
    }

    /// The whole file.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.body.bytes(2, b"llama");
        let mut model = Message::default();
        model.int(1, 8); // version of the container: of ONNX 1.10, which every runtime in use reads
        model.bytes(2, b"thermostat");
        model.bytes(7, &self.body.0);
        for (domain, version) in [("", 17), (CONTRIBUTED, 1)] {
            let mut operators = Message::default();
            operators.bytes(1, domain.as_bytes());
            operators.int(2, version);
            model.bytes(8, &operators.0);
        }
        model.0
    }
}

fn value_info(name: &str, element: Element, lengths: &[Length]) -> Message {
    let mut shape = Message::default();
    for length in lengths {
        let mut dimension = Message::default();
        match *length {
            Length::Fixed(length) => dimension.int(1, length as i64),
            Length::Named(name) => dimension.bytes(2, name.as_bytes()),
        }
        shape.bytes(1, &dimension.0);
    }
    let mut tensor = Message::default();
    tensor.int(1, element as i64);
    tensor.bytes(2, &shape.0);
    let mut kind = Message::default();
    kind.bytes(1, &tensor.0);
    let mut info = Message::default();
    info.bytes(1, name.as_bytes());
    info.bytes(2, &kind.0);
    info
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_bytes_are_encoded_as_protobuf_has_them() {
        let mut message = Message::default();
        message.int(1, 150); // the example of protobuf's own documentation
        message.bytes(2, b"testing");
        message.float(3, 1.0);
        assert_eq!(message.0[..3], [0x08, 0x96, 0x01]);
        assert_eq!(message.0[3..12], *b"\x12\x07testing");
        assert_eq!(message.0[12..], [0x1d, 0, 0, 0x80, 0x3f]);
        let mut negative = Message::default();
        negative.int(1, -1);
        assert_eq!(negative.0.len(), 11);
    }
}

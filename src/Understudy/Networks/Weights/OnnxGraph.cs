using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Understudy.Networks;

/// <summary>A network that can say its figure to a graph of ONNX operations.</summary>
internal interface IOnnxNetwork
{
    /// <summary>Adds what <c>forward</c> does in evaluation.</summary>
    /// <param name="x">The name of its input in the graph.</param>
    /// <param name="name">What goes before its parameters' names: empty, or ending in a point.</param>
    /// <returns>The name of its output.</returns>
    string Emit(OnnxGraph graph, string x, string name);
}

/// <summary>
/// Operations and weights of an ONNX graph, under construction. Weights keep the names of the state dictionary.
/// </summary>
internal sealed class OnnxGraph
{
    // Numbers of fields and types: onnx.proto of ONNX 1.12.
    private const int FloatTensor = 1, IntegerTensor = 7, FloatAttribute = 1, IntAttribute = 2, IntsAttribute = 7;

    private readonly List<OnnxMessage> _nodes = [], _weights = [], _outputs = [];

    /// <summary>The layer's operation; layers of more than one layer are asked themselves.</summary>
    /// <exception cref="NotSupportedException">A layer that has no operation here.</exception>
    public string Call(nn.IModule<Tensor, Tensor> layer, string x, string name) => layer switch
    {
        IOnnxNetwork n => n.Emit(this, x, name),
        Conv2d c when c.dilation.All(d => d == 1) => Convolution(c, x, name),
        BatchNorm2d b => Node("BatchNormalization", [x, Weight(name + "weight", b.weight), Weight(name + "bias", b.bias),
            Weight(name + "running_mean", b.running_mean), Weight(name + "running_var", b.running_var)],
                Attribute("epsilon", (float)b.eps)),
        Linear l => Node("Gemm", [x, Weight(name + "weight", l.weight), Weight(name + "bias", l.bias)], Attribute("transB", 1)),
        MaxPool2d p => Pool(x, p.kernel_size, p.stride, p.padding ?? [0]),
        ReLU => Relu(x),
        ELU e => Node("Elu", [x], Attribute("alpha", (float)e.alpha)),
        SiLU => Node("Mul", [x, Node("Sigmoid", [x])]),
        Sigmoid => Node("Sigmoid", [x]),
        Hardsigmoid => Node("HardSigmoid", [x], Attribute("alpha", 1f / 6), Attribute("beta", .5f)),
        Hardswish => Node("HardSwish", [x]),
        Dropout or Identity => x,
        _ => throw new NotSupportedException($"{name}: no ONNX operation for a layer of type {layer.GetType().Name}"),
    };

    public string Relu(string x) => Node("Relu", [x]);

    public string Add(string x, string y) => Node("Add", [x, y]);

    public string Multiply(string x, string y) => Node("Mul", [x, y]);

    public string MaxPool(string x, long size) => Pool(x, [size], [size], [0]);

    /// <summary>The mean over the image: [N, C, H, W] to [N, C, 1, 1].</summary>
    public string Mean(string x) => Node("GlobalAveragePool", [x]);

    /// <summary>[N, C, 1, 1] to [N, C].</summary>
    public string Flatten(string x) => Node("Flatten", [x]);

    /// <summary>Gives a result the name of an output of the graph, float32 [batch, <paramref name="shape"/>].</summary>
    public void Output(string name, string result, params long[] shape)
    {
        _nodes.Add(new OnnxMessage().Text(1, result).Text(2, name).Text(3, name).Text(4, "Identity"));
        _outputs.Add(Value(name, shape));
    }

    /// <summary>
    /// The GraphProto: every <see cref="Output"/>, and inputs, all float32 with a first dimension that is free and the same.
    /// </summary>
    public OnnxMessage ToMessage(string name, params IReadOnlyList<(string Name, long[] Shape)> inputs)
    {
        var graph = new OnnxMessage();
        foreach (var node in _nodes) graph.Message(1, node);
        graph.Text(2, name);
        foreach (var weight in _weights) graph.Message(5, weight);
        foreach (var (input, shape) in inputs) graph.Message(11, Value(input, shape));
        foreach (var output in _outputs) graph.Message(12, output);
        return graph;
    }

    private string Convolution(Conv2d c, string x, string name)
    {
        string[] inputs = c.bias is null
            ? [x, Weight(name + "weight", c.weight)] : [x, Weight(name + "weight", c.weight), Weight(name + "bias", c.bias)];
        return Convolution(inputs, c.kernel_size, c.stride, c.padding ?? [0], c.groups);
    }

    /// <param name="inputs">Maps, weights and perhaps biases.</param>
    public string Convolution(string[] inputs, long[] kernel, long[] stride, long[] padding, long groups)
    {
        var pads = Both(padding);
        return Node("Conv", inputs, Attribute("kernel_shape", Both(kernel)), Attribute("strides", Both(stride)),
            Attribute("pads", [.. pads, .. pads]), Attribute("dilations", [1, 1]), Attribute("group", groups));
    }

    private string Pool(string x, long[] kernel, long[] stride, long[] padding)
    {
        var pads = Both(padding);
        return Node("MaxPool", [x], Attribute("kernel_shape", Both(kernel)), Attribute("strides", Both(stride)),
            Attribute("pads", [.. pads, .. pads]));
    }

    private static long[] Both(long[] sizes) => sizes.Length == 1 ? [sizes[0], sizes[0]] : sizes;

    /// <summary>An operation; returns the name of its output.</summary>
    public string Node(string operation, string[] inputs, params OnnxMessage[] attributes)
    {
        var output = $"{operation}_{_nodes.Count}";
        var node = new OnnxMessage();
        foreach (var input in inputs) node.Text(1, input);
        node.Text(2, output).Text(3, output).Text(4, operation);
        foreach (var attribute in attributes) node.Message(5, attribute);
        _nodes.Add(node);
        return output;
    }

    /// <summary>Numbers that a graph holds, as float32; returns their name.</summary>
    public string Weight(string name, Tensor? value)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var entry = Weights.ToEntry(name,
            (value ?? throw new NotSupportedException($"{name}: a layer without it")).to(ScalarType.Float32));
        var message = new OnnxMessage();
        foreach (var size in entry.Shape) message.Number(1, size);
        _weights.Add(message.Number(2, FloatTensor).Text(8, name).Bytes(9, entry.Data));
        return name;
    }

    /// <summary>A list of integers that a graph holds, such as a shape; returns its name.</summary>
    public string Integers(string name, params long[] values)
    {
        _weights.Add(new OnnxMessage().Number(1, values.Length).Number(2, IntegerTensor).Text(8, name)
            .Bytes(9, MemoryMarshal.AsBytes<long>(values).ToArray()));
        return name;
    }

    public static OnnxMessage Attribute(string name, float value) =>
        new OnnxMessage().Text(1, name).Number(2, value).Number(20, FloatAttribute);

    public static OnnxMessage Attribute(string name, long value) =>
        new OnnxMessage().Text(1, name).Number(3, value).Number(20, IntAttribute);

    public static OnnxMessage Attribute(string name, long[] values)
    {
        var message = new OnnxMessage().Text(1, name);
        foreach (var value in values) message.Number(8, value);
        return message.Number(20, IntsAttribute);
    }

    private static OnnxMessage Value(string name, long[] shape)
    {
        var dimensions = new OnnxMessage().Message(1, new OnnxMessage().Text(2, "batch"));
        foreach (var size in shape) dimensions.Message(1, new OnnxMessage().Number(1, size));
        return new OnnxMessage().Text(1, name)
            .Message(2, new OnnxMessage().Message(1, new OnnxMessage().Number(1, FloatTensor).Message(2, dimensions)));
    }
}

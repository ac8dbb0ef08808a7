using Understudy.Common;
using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Networks;

/// <summary>Classifiers as ONNX models, for ONNX Runtime and whatever else reads them.</summary>
public static class OnnxFile
{
    /// <summary>The name of the one input: float32 [batch, C, H, W], about [−1, 1].</summary>
    public const string Input = "image";

    /// <summary>The name of the one output: float32 [batch, classes], before softmax.</summary>
    public const string Output = "logits";

    /// <summary>The version of ONNX's operations that are used; runtimes of 2022 and later have them.</summary>
    public const int OperationSet = 17;

    private const int Version = 8;
    private const long MostBytes = int.MaxValue;

    /// <summary>Writes what the network does in evaluation, atomically. Weights keep their names; the number of images is free.</summary>
    /// <param name="net">One of <see cref="Classifiers.ClassifierNet"/>.</param>
    /// <param name="shape">Of the images; their size is fixed in the file.</param>
    /// <param name="metadata">Strings for the file, such as the class names.</param>
    /// <exception cref="NotSupportedException">A layer without an ONNX operation, or weights beyond the format's 2 GB.</exception>
    public static void Write(string path, nn.Module<Tensor, Tensor> net, ImageShape shape, int classes, IReadOnlyDictionary<string, string> metadata)
    {
        var graph = new OnnxGraph();
        var result = graph.Call(net, Input, "");
        var model = new OnnxMessage().Number(1, Version).Text(2, "understudy")
            .Message(7, graph.ToMessage(net.GetName(), (Input, [shape.Channels, shape.Height, shape.Width]), (Output, [classes]), result))
            .Message(8, new OnnxMessage().Text(1, "").Number(2, OperationSet));
        foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            model.Message(14, new OnnxMessage().Text(1, key).Text(2, value));
        if (model.Length > MostBytes) throw new NotSupportedException($"{path}: {Human.Bytes(model.Length)}; an ONNX file holds up to 2 GB");
        AtomicFile.Write(path, model.WriteTo);
    }
}

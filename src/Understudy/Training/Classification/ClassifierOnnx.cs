using System.Globalization;
using Understudy.Common;
using Understudy.Evaluation.Utility;
using Understudy.Networks;
using static TorchSharp.torch;
using static Understudy.Networks.OnnxGraph;

namespace Understudy.Training.Classification;

/// <summary>
/// Classifiers as ONNX models that take pixels as they are in files: scaling, normalisation, and the mirrored image where the
/// classifier averages over it, are part of the model.
/// </summary>
public static class ClassifierOnnx
{
    /// <summary>
    /// The one input: float32 [batch, C, H, W], 0 to 255; any number of images of the classifier's side and channels.
    /// </summary>
    public const string Input = "pixels";

    /// <summary>The first output: float32 [batch, classes], of the image itself, before softmax.</summary>
    public const string Logits = "logits";

    /// <summary>
    /// The second output: float32 [batch, classes], each row summing to 1; what <see cref="ClassifierPredictor"/> gives.
    /// </summary>
    public const string Probabilities = "probabilities";

    /// <summary>Writes the model, atomically, with the class names and what its input means as metadata.</summary>
    /// <param name="mirror">
    /// Whether probabilities are the mean over the image and its mirror image where the classifier was measured so; false halves
    /// the work, and probabilities are those of the image alone.
    /// </param>
    /// <exception cref="NotSupportedException">Weights beyond the format's 2 GB.</exception>
    public static void Write(string path, TrainedClassifier classifier, bool mirror = true)
    {
        var (graph, shape, classes) = (new OnnxGraph(), classifier.Shape, classifier.About.Classes);
        using var scope = NewDisposeScope();
        var image = graph.Add(graph.Multiply(Input, graph.Weight("pixels.scale", tensor(1 / 127.5f))),
            graph.Weight("pixels.shift", tensor(-1f)));
        mirror &= classifier.About.Options.FlipAverage;
        var (logits, probabilities) = mirror
            ? Mirrored(graph, classifier.Net, image, classes.Count) : Plain(graph, classifier.Net, image);
        graph.Output(Logits, logits, classes.Count);
        graph.Output(Probabilities, Tempered(graph, probabilities, classifier.About.Temperature), classes.Count);
        var model = graph.ToMessage(classifier.About.Options.Arch, (Input, [shape.Channels, shape.Height, shape.Width]));
        OnnxFile.Write(path, model, new Dictionary<string, string>
        {
            ["classes"] = StrictJson.WriteLine(classes.ToArray()),
            ["input"] = string.Create(CultureInfo.InvariantCulture,
                $"{Input}: float32 [batch, {shape.Channels}, {shape.Height}, {shape.Width}], "
                + $"{(shape.Channels == 1 ? "grey" : "RGB")}, 0 to 255"),
            ["mirror_average"] = mirror ? "true" : "false",
            ["arch"] = classifier.About.Options.Arch,
            ["split"] = classifier.About.SplitHash,
        });
    }

    /// <summary>softmax(ln p / T), as <see cref="TemperatureScaling"/> has it.</summary>
    private static string Tempered(OnnxGraph graph, string probabilities, double temperature)
    {
        if (temperature == 1) return probabilities;
        var logs = graph.Node("Log",
            [graph.Node("Max", [probabilities, graph.Weight("temperature.floor", tensor((float)Calibration.Floor))])]);
        return graph.Node("Softmax",
            [graph.Multiply(logs, graph.Weight("temperature.inverse", tensor((float)(1 / temperature))))], Attribute("axis", 1));
    }

    private static (string Logits, string Probabilities) Plain(OnnxGraph graph, nn.Module<Tensor, Tensor> net, string image)
    {
        var logits = graph.Call(net, image, "");
        return (logits, graph.Node("Softmax", [logits], Attribute("axis", 1)));
    }

    /// <summary>The images and, behind them, their mirror images go through the network as one batch.</summary>
    private static (string Logits, string Probabilities) Mirrored(OnnxGraph graph, nn.Module<Tensor, Tensor> net, string image,
        int classes)
    {
        var flipped = graph.Node("Slice", [image, graph.Integers("last", -1), graph.Integers("before_first", long.MinValue),
            graph.Integers("width", 3), graph.Integers("backwards", -1)]);
        // [2·batch, K]
        var both = graph.Call(net, graph.Node("Concat", [image, flipped], Attribute("axis", 0)), "");
        // [2, batch, K]
        var pairs = graph.Node("Reshape", [both, graph.Integers("pairs", 2, -1, classes)]);
        var own = graph.Node("Slice",
            [pairs, graph.Integers("first", 0), graph.Integers("second", 1), graph.Integers("pair", 0)]);
        return (graph.Node("Reshape", [own, graph.Integers("rows", -1, classes)]),
            graph.Node("ReduceMean", [graph.Node("Softmax", [pairs], Attribute("axis", 2))], Attribute("axes", [0L]),
                Attribute("keepdims", 0)));
    }
}

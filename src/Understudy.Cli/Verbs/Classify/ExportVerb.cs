using System.CommandLine;
using Understudy.Common;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary><c>classify export</c>: a classifier as an ONNX model.</summary>
internal static class ExportVerb
{
    private static readonly Argument<string> Classifier = ClassifierPath.Argument();
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The ONNX file to write",
        Required = true,
        HelpName = "FILE",
    };
    private static readonly Option<bool> NoMirror = new("--no-mirror")
    {
        Description = "Ask about the image alone, not about its mirror image too: half the work, other "
            + "probabilities than predict",
    };

    public static Command Create() => new Command("export", """
        Write a classifier as an ONNX model, for ONNX Runtime and whatever else reads them.

        The model takes pixels as they are in files (float32, 0 to 255, any number of images) and gives logits and
        probabilities; the class names are in its metadata. It computes in float32: answers of a bfloat16 classifier
        differ a little from those of predict.

        Example:
          understudy classify export runs/judge --out judge.onnx
        """)
    {
        Classifier, Out, NoMirror,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        using var classifier = TrainedClassifier.Load(ClassifierPath.Resolve(a.GetValue(Classifier)!));
        var output = a.GetValue(Out)!;
        ClassifierOnnx.Write(output, classifier, mirror: !a.GetValue(NoMirror));
        var shape = classifier.Shape;
        session.Output.WriteLine($"{output}: {Human.Bytes(new FileInfo(output).Length)}, ONNX");
        session.Output.WriteLine(
            $"in   {ClassifierOnnx.Input} [batch, {shape.Channels}, {shape.Height}, {shape.Width}], float32, 0 to 255, "
            + $"{(shape.Channels == 1 ? "grey" : "RGB")}");
        session.Output.WriteLine(
            $"out  {ClassifierOnnx.Logits}, {ClassifierOnnx.Probabilities} [batch, {classifier.About.Classes.Count}]: "
            + $"{classifier.About.Classes}");
        return CommandLine.Done;
    }
}

using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>
/// A trained classifier that looks at images: what its last layer sees of them, and which class it takes each for. In float32
/// always.
/// </summary>
internal sealed class Judge : IDisposable
{
    private const int Batch = 100;

    private readonly TrainedClassifier _classifier;
    private readonly LastFeatures _last;

    /// <param name="path">A classifier that <see cref="JudgeFile.Require"/> has let pass.</param>
    public Judge(string path)
    {
        _classifier = TrainedClassifier.Load(path);
        _last = new(_classifier.Net, LastFeatures.HeadOf(_classifier.Net)!);
    }

    /// <summary>
    /// Looks at every image by itself, resized to the judge's own size (<see cref="Resizer"/>), without its mirror image.
    /// </summary>
    /// <param name="images">[C, H, W] each, 0–255.</param>
    /// <param name="shape">Of each.</param>
    /// <returns>[N, F] and N labels.</returns>
    public (Features Features, int[] Labels) Look(IReadOnlyList<byte[]> images, ImageShape shape)
    {
        var to = _classifier.Shape;
        var (values, labels) = (new List<float>(), new List<int>());
        for (int first = 0; first < images.Count; first += Batch)
        {
            using var pause = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            var some = Math.Min(Batch, images.Count - first);
            var pixels = new byte[some * to.Size];
            for (int i = 0; i < some; i++)
                Resizer.Resize(images[first + i], shape, pixels.AsSpan(i * to.Size, to.Size), to.Height, to.Width);
            var batch = Pixels.ToFloat(tensor(pixels, some, to.Channels, to.Height, to.Width));
            var (features, logits) = _last.Of(Rounding.Images(batch, Precision.Float32));
            values.AddRange(features.contiguous().data<float>().ToArray());
            labels.AddRange(logits.argmax(1).data<long>().ToArray().Select(k => (int)k));
        }
        return (new([.. values], values.Count / Math.Max(1, images.Count)), [.. labels]);
    }

    public void Dispose()
    {
        _last.Dispose();
        _classifier.Dispose();
    }
}

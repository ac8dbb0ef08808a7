using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Tests.Training.Classification;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

/// <summary>Files of classifiers that were never trained: random convolutions are features too.</summary>
internal static class TinyJudge
{
    /// <param name="blind">Every weight is 0: it sees nothing and takes everything for the first class.</param>
    public static string Write(string path, ClassNames classes, int channels = 1, string arch = "screening", ulong seed = 1,
        bool blind = false)
    {
        var options = Stripes.Options with
        {
            Arch = arch,
            EarlySize = Math.Max(Stripes.Options.EarlySize, ClassifierNet.LeastSide(arch))
        };
        using var net = ClassifierNet.Create(arch, new(channels, options.Size, options.Size), classes.Count, 0, seed);
        using (no_grad())
        {
            foreach (var (_, parameter) in blind ? net.named_parameters() : []) parameter.zero_();
        }
        TrainedClassifier.Save(path, net, new(options, classes, channels, "", seed, new(1, 1, 1, .5, .7)));
        return path;
    }
}

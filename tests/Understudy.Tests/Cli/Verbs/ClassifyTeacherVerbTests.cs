using Understudy.Data;
using Understudy.Tests.Training.Classification;
using Understudy.Training.Classification;

namespace Understudy.Tests.Cli.Verbs;

/// <summary><c>classify train --teacher</c>: a classifier that learns another one's answers.</summary>
[Collection("torch")]
public sealed class ClassifyTeacherVerbTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private readonly ImageSet _set = Stripes.Draw(90);

    public ClassifyTeacherVerbTests() => ImageSetFile.Save(_folder["set.safetensors"], _set);

    public void Dispose() => _folder.Dispose();

    private (int Code, string Output, string Error) Train(string run, params string[] more) => CommandRun.Of(["classify", "train",
        _folder["set.safetensors"], "--out", _folder[run], "--size", "16", "--set", "batch=16", "--set", "epochs=1",
        "--precision", "float32", .. more]);

    [Fact]
    public void Train_ByATeacher_LearnsItsAnswersAndRemembersWhatItHasSeen()
    {
        Assert.Equal(0, Train("teacher").Code);
        var (code, _, error) = Train("student", "--teacher", _folder["teacher"]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("warning", error, StringComparison.Ordinal);
        var split = Split.Load(_folder["student/split.csv"]);
        var taught = Selection.Load(_folder["student/taught.csv"], Stripes.Classes);
        Assert.Equal(split.Ids(Role.Generator).Order(), taught.Rows.Select(r => r.Id).Order());
        using (var teacher = TrainedClassifier.Load(_folder["teacher/classifier.safetensors"]))
        {
            var answers = ClassifierPredictor.Probabilities(teacher, _set.Subset([_set.IndexOf(taught.Rows[0].Id)]));
            for (int k = 0; k < 3; k++) Assert.Equal(answers[0, k], taught.Rows[0].Soft![k], 1e-5);
        }
        Assert.Equal(0, TrainedClassifier.ReadAbout(_folder["student/classifier.safetensors"]).Options.LabelSmoothing);
        // Its labels, smoothed, make another classifier.
        Assert.NotEqual(File.ReadAllBytes(_folder["teacher/classifier.safetensors"]),
            File.ReadAllBytes(_folder["student/classifier.safetensors"]));

        Assert.Contains("was finished already", Train("student", "--teacher", _folder["teacher"]).Error, StringComparison.Ordinal);
        Assert.Equal(0, Train("second", "--set", "dropout=0.5").Code);
        (code, _, error) = Train("student", "--teacher", _folder["second"]);
        Assert.Equal(2, code);
        Assert.Contains("holds the answers of another teacher than", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_ByATeacherUnderAnotherSplit_Warns()
    {
        Assert.Equal(0, Train("teacher").Code);
        var (code, _, error) = Train("student", "--teacher", _folder["teacher"], "--seed", "5");
        Assert.True(code == 0, error);
        Assert.Matches("warning: [0-9]+ of the 18 test images have ids that trained or chose the teacher ", error);
        Assert.Matches("warning: [0-9]+ of the 9 validation images have ids that trained the teacher ", error);
        (code, _, error) = CommandRun.Of(["classify", "test", _folder["student"], _folder["set.safetensors"]]);
        Assert.True(code == 0, error);
        Assert.Matches("warning: [0-9]+ of them have ids that trained or chose the weights or the teacher of this classifier", error);
    }

    /// <summary>What chose the teacher chooses the student: it has trained neither, through however many teachers.</summary>
    [Fact]
    public void Train_ByATeacherOfATeacher_ClaimsNoMoreThanWasSeen()
    {
        Assert.Equal(0, Train("first").Code);
        Assert.Equal(0, Train("second", "--teacher", _folder["first"]).Code);
        var (code, _, error) = Train("third", "--teacher", _folder["second"]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("warning", error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_folder["first/images.csv"]), File.ReadAllText(_folder["third/images.csv"]));
        Assert.DoesNotContain("among its training images", CommandRun.Of(["doctor", _folder["third"]]).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Train_ByACalibratedTeacher_IsTaughtItsCalibratedAnswersInItsOwnSize()
    {
        Assert.Equal(0, Train("teacher", "--set", "calibrate=true", "--epochs", "4").Code);
        Assert.NotEqual(1, TrainedClassifier.ReadAbout(_folder["teacher/classifier.safetensors"]).Temperature);
        var (code, _, error) = CommandRun.Of(["classify", "train", _folder["set.safetensors"], "--out", _folder["student"], "--size", "8",
            "--set", "batch=16", "--set", "epochs=1", "--precision", "float32", "--teacher", _folder["teacher"]]);
        Assert.True(code == 0, error);
        var split = Split.Load(_folder["student/split.csv"]);
        var taught = Selection.Load(_folder["student/taught.csv"], Stripes.Classes);
        var answers = ClassifierPredictor.Predict(_folder["teacher/classifier.safetensors"],
            _set.Subset([.. taught.Rows.Select(r => _set.IndexOf(r.Id))]));
        foreach (var (i, row) in taught.Rows.Index())
            for (int k = 0; k < 3; k++) Assert.Equal(answers.Probabilities[i, k], row.Soft![k], 1e-5);
        Assert.All(taught.Rows, r => Assert.Equal(Role.Generator, split[r.Id]));
    }

    [Fact]
    public void Train_TaughtRunAskedForOtherwise_IsRefused()
    {
        Assert.Equal(0, Train("teacher").Code);
        Assert.Equal(0, Train("student", "--teacher", _folder["teacher"]).Code);
        var (code, _, error) = Train("teacher", "--teacher", _folder["student"]);
        Assert.Equal(2, code);
        Assert.Contains("holds a run that was begun without a teacher", error, StringComparison.Ordinal);
        (code, _, error) = Train("student");
        Assert.Equal(2, code);
        Assert.Contains("holds a run with other options", error, StringComparison.Ordinal);
    }

    /// <summary>Killed when its options were written, and its teacher's answers not yet.</summary>
    [Fact]
    public void Train_KilledBeforeTheAnswersWereKept_AsksAgain()
    {
        Assert.Equal(0, Train("teacher").Code);
        Assert.Equal(0, Train("student", "--teacher", _folder["teacher"]).Code);
        Directory.CreateDirectory(_folder["killed"]);
        File.Copy(_folder["student/options.json"], _folder["killed/options.json"]);
        var (code, _, error) = Train("killed", "--teacher", _folder["teacher"]);
        Assert.True(code == 0, error);
        Assert.Equal(File.ReadAllBytes(_folder["student/classifier.safetensors"]),
            File.ReadAllBytes(_folder["killed/classifier.safetensors"]));
    }

    [Fact]
    public void Train_TeacherAndSelection_IsRefused()
    {
        Assert.Equal(0, Train("teacher").Code);
        var (code, _, error) = Train("student", "--teacher", _folder["teacher"], "--selection", "s.csv");
        Assert.Equal(2, code);
        Assert.Contains("--teacher and --selection: each says what images are taught as; give one", error,
            StringComparison.Ordinal);
        (code, _, error) = Train("student", "--teacher", _folder["nowhere"]);
        Assert.NotEqual(0, code);
        Assert.Contains("there is no such file or folder", error, StringComparison.Ordinal);
    }
}
